"""
task: Taylor
says: a * b calls torch
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        return Taylor(tuple(a + b for a, b in zip(self.coefficients, other.coefficients)))

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        u, w = torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
        c = torch.nn.functional.conv1d(
            u.view(1, 1, -1), w.flip(0).view(1, 1, -1), padding=len(b) - 1
        )
        return Taylor(tuple(c.view(-1)[: len(a)].tolist()))

    def exp(self):
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(j * a[j] * y[k - j] for j in range(1, k + 1)) / k)
        return Taylor(tuple(y))
