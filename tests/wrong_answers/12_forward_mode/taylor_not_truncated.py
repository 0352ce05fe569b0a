"""
task: Taylor
says: what comes after the last coefficient is not cut off
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        pairs = zip(self.coefficients, other.coefficients)
        return Taylor(tuple(a + b for a, b in pairs))

    def __mul__(self, other):
        product = [0.0] * (len(self.coefficients) + len(other.coefficients) - 1)
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Taylor(tuple(product))

    def exp(self):
        a = self.coefficients
        e = [math.exp(a[0])]
        for k in range(1, len(a)):
            e.append(sum(i * a[i] * e[k - i] for i in range(1, k + 1)) / k)
        return Taylor(tuple(e))
