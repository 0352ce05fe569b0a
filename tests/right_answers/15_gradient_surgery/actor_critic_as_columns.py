"""
task: actor_critic_losses
way: everything as columns (N, 1)
"""


def actor_critic_losses(value, next_value, reward, done, log_prob, gamma):
    reward, alive, log_prob = reward[:, None], (~done).to(reward.dtype)[:, None], log_prob[:, None]
    target = (reward + gamma * alive * next_value).detach()
    return torch.mean(log_prob * (value.detach() - target)), torch.mean((target - value) ** 2)
