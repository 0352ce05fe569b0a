"""
task: Taylor
says: OverflowError
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other: Taylor) -> Taylor:
        return Taylor(tuple(a + b for a, b in zip(self.coefficients, other.coefficients)))

    def __mul__(self, other: Taylor) -> Taylor:
        a = [c * math.factorial(k) for k, c in enumerate(self.coefficients)]
        b = [c * math.factorial(k) for k, c in enumerate(other.coefficients)]
        product = [
            sum(math.comb(k, j) * a[j] * b[k - j] for j in range(k + 1)) / math.factorial(k)
            for k in range(len(a))
        ]
        return Taylor(tuple(product))

    def exp(self) -> Taylor:
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(j * a[j] * y[k - j] for j in range(1, k + 1)) / k)
        return Taylor(tuple(y))
