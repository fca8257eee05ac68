"""Tests of the faces: over a real server, read by real clients."""
