"""
task: Taylor
says: e to the a[0] is left out
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
        e = [1.0]
        for k in range(1, len(a)):
            e.append(sum(i * a[i] * e[k - i] for i in range(1, k + 1)) / k)
        return Taylor(tuple(e))
