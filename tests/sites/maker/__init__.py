"""What the generator of the test pages is made of; see ../README.md."""
