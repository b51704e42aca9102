"""How days and times are written, where Django would write them otherwise."""
