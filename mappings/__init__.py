"""The term alignments and what judges them."""
