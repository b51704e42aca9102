"""Publishing (公开) by two posts: one proposes the words, another clears them (保密审查). The default is not public."""
