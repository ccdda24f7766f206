"""Made-up answers of ComfyDeploy for the page of patterns, read as real ones are."""
