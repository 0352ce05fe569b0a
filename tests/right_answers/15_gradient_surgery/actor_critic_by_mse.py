"""
task: actor_critic_losses
way: mse_loss to a target made under no_grad
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    with torch.no_grad():
        target = reward + gamma * torch.where(done, 0.0, next_value[:, 0])
        advantage = target - value[:, 0]
    return -torch.dot(log_prob, advantage) / len(reward), F.mse_loss(value[:, 0], target)
