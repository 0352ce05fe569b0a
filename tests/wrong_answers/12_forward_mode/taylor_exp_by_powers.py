"""
task: Taylor
says: more than 4 · 30²
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
        total = power = Taylor((1.0, *[0.0] * (len(a) - 1)))
        for k in range(1, len(a)):
            power = Taylor(tuple(c / k for c in (power * rest).coefficients))
            total = total + power
        return Taylor(tuple(math.exp(a[0]) * c for c in total.coefficients))
