"""
task: Taylor
says: the coefficients of a.exp(), of length 6
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        return Taylor(
            tuple(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True))
        )

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        return Taylor(tuple(sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))))

    def exp(self):
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(i * a[i] * y[k - i] for i in range(1, k + 1)) / k if any(a[k:]) else 0.0)
        return Taylor(tuple(y))
