"""What tests share: servers, people, platforms and pictures."""
