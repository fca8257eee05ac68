"""The ready questions, one file each."""
