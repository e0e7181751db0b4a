"""The demo: a district with real streets and communities, invented people, and their stories told by the domain."""
