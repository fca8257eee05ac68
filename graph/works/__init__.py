"""From bibliographic records to works, dated editions and bodies, and from these to quads."""
