"""
task: Taylor
says: a * b takes no product of the coefficients by Python
"""

import numpy as np


@dataclass(frozen=True)
class Taylor:
    coefficients: tuple[float, ...]

    def __add__(self, other):
        return Taylor(tuple(a + b for a, b in zip(self.coefficients, other.coefficients)))

    def __mul__(self, other):
        a, b = self.coefficients, other.coefficients
        return Taylor(tuple(np.convolve(a, b)[: len(a)].tolist()))

    def exp(self):
        a = self.coefficients
        y = [math.exp(a[0])]
        for k in range(1, len(a)):
            y.append(sum(j * a[j] * y[k - j] for j in range(1, k + 1)) / k)
        return Taylor(tuple(y))
