"""
task: Taylor
says: it is taken coefficient by coefficient
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
        return Taylor(tuple(math.exp(a) for a in self.coefficients))
