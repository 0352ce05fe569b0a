"""
task: Taylor
way: each pair of coefficients is added where its powers lead; exp by derivatives
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        return Taylor(tuple(map(float.__add__, self.coefficients, other.coefficients)))

    def __mul__(self, other):
        length = len(self.coefficients)
        product = [0.0] * length
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients[: length - i]):
                product[i + j] = product[i + j] + a * b
        return Taylor(tuple(product))

    def exp(self):
        slopes = [k * a for k, a in enumerate(self.coefficients)][1:]
        found = [math.exp(self.coefficients[0])]
        while len(found) <= len(slopes):
            k = len(found)
            found.append(sum(s * e for s, e in zip(slopes, reversed(found))) / k)
        return Taylor(tuple(found))
