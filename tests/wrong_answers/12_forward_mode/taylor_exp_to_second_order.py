"""
task: Taylor
says: only the terms up to the second power are there
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        pairs = zip(self.coefficients, other.coefficients)
        return Taylor(tuple(a + b for a, b in pairs))

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        return Taylor(tuple(sum(a[i] * b[k - i] for i in range(k + 1)) for k in range(len(a))))

    def exp(self):
        a = self.coefficients
        rest = Taylor((0.0, *a[1:]))
        one = Taylor((1.0, *[0.0] * (len(a) - 1)))
        half = Taylor((0.5, *[0.0] * (len(a) - 1)))
        series = one + rest + rest * rest * half
        return Taylor(tuple(math.exp(a[0]) * c for c in series.coefficients))
