"""What has slipped, who is told, and whether it reached them."""
