"""`isogloss load`: outside records into the state, for the next build."""
