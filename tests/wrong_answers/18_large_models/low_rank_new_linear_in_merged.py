"""
task: LowRankLinear
says: random state has moved
"""


class LowRankLinear(nn.Module):
    def __init__(self, linear, rank, alpha, *, generator):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.scale = alpha / rank
        drawn = torch.randn(rank, linear.in_features, generator=generator, device=generator.device)
        self.down = nn.Parameter(drawn.to(linear.weight))
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))

    def forward(self, x):
        return self.linear(x) + self.scale * F.linear(F.linear(x, self.down), self.up)

    def merged(self):
        merged = nn.Linear(
            self.linear.in_features,
            self.linear.out_features,
            bias=self.linear.bias is not None,
            device=self.linear.weight.device,
            dtype=self.linear.weight.dtype,
        )
        merged.load_state_dict(self.linear.state_dict())
        with torch.no_grad():
            merged.weight += self.scale * self.up @ self.down
        return merged
