"""The register: regions, organs, posts, people and who holds which post, as an operator writes them into one file."""
