"""From facts to a sealed snapshot, and the engines that answer from it."""
