"""
task: Taylor
says: it is multiplied coefficient by coefficient
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        pairs = zip(self.coefficients, other.coefficients)
        return Taylor(tuple(a + b for a, b in pairs))

    def __mul__(self, other):
        return Taylor(tuple(a * b for a, b in zip(self.coefficients, other.coefficients)))

    def exp(self):
        a = self.coefficients
        e = [math.exp(a[0])]
        for k in range(1, len(a)):
            e.append(sum(i * a[i] * e[k - i] for i in range(1, k + 1)) / k)
        return Taylor(tuple(e))
