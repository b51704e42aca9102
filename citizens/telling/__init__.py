"""What citizens are to be told (告知): letters, their queue, and how each one is told."""
