"""
task: tanh
says: NaN
"""


def tanh(x):
    def vjp(cotangent):
        y = output()
        return (cotangent * (y * y * -1.0 + 1.0),)

    up, down = np.exp(x.data), np.exp(-x.data)
    result = Node.result((up - down) / (up + down), (x,), vjp)
    output = weakref.ref(result)
    return result
