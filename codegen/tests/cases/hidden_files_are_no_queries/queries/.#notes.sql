engineer@machine.1:2
