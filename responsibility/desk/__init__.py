"""Pages for officials that every mechanism shares: my work, the inbox, the leader's desk."""
