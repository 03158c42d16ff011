"""The use cases of the authority: intake, publishing, withdrawal, trust, participants. It cannot decode a picture."""
