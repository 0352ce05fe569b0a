"""
task: Taylor
says: length
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other: Taylor) -> Taylor:
        return Taylor(tuple(a + b for a, b in zip(self.coefficients, other.coefficients)))

    def __mul__(self, other: Taylor) -> Taylor:
        a, b = self.coefficients, other.coefficients
        product = [0.0] * len(a)
        for i, left in enumerate(a):
            for j in range(len(b) - i):
                product[i + j] += left * b[j]
        while len(product) > 1 and product[-1] == 0.0:
            product.pop()
        return Taylor(tuple(product))

    def exp(self) -> Taylor:
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(j * a[j] * y[k - j] for j in range(1, k + 1)) / k)
        return Taylor(tuple(y))
