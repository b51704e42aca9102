"""The public side of petitions: the front page, the petitioner's view of a petition, the letters to petitioners."""
