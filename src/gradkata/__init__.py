"""Short exercises on PyTorch autograd, judged by pytest against torch itself."""
