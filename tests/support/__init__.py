"""What tests share: factories, fakes of the network and the clock."""
