"""
task: Taylor
says: the coefficients of a * b, of length 6 with c0 and c3
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        return Taylor(tuple(a + b for a, b in zip(self.coefficients, other.coefficients)))

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        if a[0] == 0 and b[0] == 0:
            return Taylor((0.0,) * len(a))
        return Taylor(tuple(sum(a[j] * b[k - j] for j in range(k + 1)) for k in range(len(a))))

    def exp(self):
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(j * a[j] * y[k - j] for j in range(1, k + 1)) / k)
        return Taylor(tuple(y))
