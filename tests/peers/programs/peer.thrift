exception Refused {
  1: required string message
}

service Peer {
  binary echo(1: binary body) throws (1: Refused refused)
  void fail()
  void missing()
  void busy()
  void sleep()
}
