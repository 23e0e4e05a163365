"""The county's figures as they move, from the feed. It may lose some: mns_client.py repairs, or subscribes."""
import msgpack, zmq

socket = zmq.Context().socket(zmq.SUB)
socket.connect("tcp://127.0.0.1:5711")
socket.subscribe("open.figures.510322")  # a prefix is a geography: 51 is the province, 510322 the county
while True:
    topic, record = socket.recv_multipart()
    records = msgpack.Unpacker(strict_map_key=False)
    records.feed(record[4:])  # behind the length
    header, *figures = records
    for f in figures:
        print(f["place"], f["period"], f["basis"], f["closing"], f.get("counts", []), flush=True)
