"""
task: predict
says: training of the model was False before the call and is True after it
"""


def predict(model, x):
    model.eval()
    try:
        with torch.no_grad():
            return model(x)
    finally:
        model.train()
