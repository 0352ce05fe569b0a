"""
task: Taylor
way: a product of reversed slices; exp as the solution of e' = a'·e, degree by degree
"""


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        total = [a + b for a, b in zip(self.coefficients, other.coefficients)]
        return Taylor(tuple(total))

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        return Taylor(
            tuple(math.fsum(p * q for p, q in zip(a[: k + 1], b[k::-1])) for k in range(len(a)))
        )

    def exp(self):
        a, e = self.coefficients, [math.exp(self.coefficients[0])]
        for k in range(1, len(a)):
            slope = 0.0
            for i in range(k):
                slope += (k - i) * a[k - i] * e[i]
            e.append(slope / k)
        return Taylor(tuple(e))
