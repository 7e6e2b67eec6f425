from bridge.web.api.door import Door


def furnish(door: Door) -> None:
    pass
