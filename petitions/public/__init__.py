"""What petitions show citizens: the front page, their side of a petition, the letters they are told."""
