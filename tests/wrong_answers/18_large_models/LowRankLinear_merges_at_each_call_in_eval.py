"""
task: LowRankLinear
says: a tensor of 600 elements is made
"""


class LowRankLinear(nn.Module):
    def __init__(
        self, linear: nn.Linear, rank: int, alpha: float, *, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.scale = alpha / rank
        like = {"dtype": linear.weight.dtype, "device": linear.weight.device}
        down = torch.randn(
            rank, linear.in_features, generator=generator, device=generator.device
        ).to(**like)
        self.down = nn.Parameter(down / linear.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank, **like))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            return self.linear(x) + F.linear(F.linear(x, self.down) * self.scale, self.up)
        weight = self.linear.weight + self.scale * (self.up @ self.down)
        return F.linear(x, weight, self.linear.bias)

    def merged(self) -> nn.Linear:
        new = copy.deepcopy(self.linear)
        with torch.no_grad():
            new.weight.add_(self.scale * (self.up @ self.down))
        return new
