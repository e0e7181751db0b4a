"""One file for each way out; send(outgoing) raises when it was not taken."""
