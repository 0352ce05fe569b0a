"""
task: LowRankLinear
way: matmul, and merged by skip_init
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.rank, self.alpha = rank, alpha
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter(drawn.to(linear.weight))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + (x @ self.down.mT) @ self.up.mT * (self.alpha / self.rank)

    def merged(self):
        merged = torch.nn.utils.skip_init(
            nn.Linear,
            self.linear.in_features,
            self.linear.out_features,
            bias=self.linear.bias is not None,
            dtype=self.down.dtype,
            device=self.down.device,
        )
        with torch.no_grad():
            merged.weight.copy_(self.linear.weight)
            merged.weight.addmm_(self.up, self.down, alpha=self.alpha / self.rank)
            if self.linear.bias is not None:
                merged.bias.copy_(self.linear.bias)
        return merged
