"""Where pictures come from: an image endpoint, or the offline painter."""
