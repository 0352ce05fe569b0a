"""
task: predict
says: was True before the call and is False after it
"""


def predict(model, x):
    model.eval()
    with torch.no_grad():
        return model(x)
