"""How people join a session online: a typed link, BigBlueButton or Zoom."""
