"""A member of a group, with librdkafka: member.py BROKER NAME SEED GROUP TOPIC PROTOCOL COMMIT. ChurnMember.java says what it does."""

import select
import struct
import sys
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition


def write(*words):
    print(*words, flush=True)


def stored(error, partitions):
    if error is None:
        for partition in partitions or []:
            if partition.error is None and partition.offset >= 0:
                write("stored", partition.topic, partition.partition, partition.offset, time.monotonic_ns())


def assigned(_, partitions):
    for partition in partitions:
        write("assigned", partition.topic, partition.partition, time.monotonic_ns())


def revoked(_, partitions):
    for partition in partitions:
        write("revoked", partition.topic, partition.partition, time.monotonic_ns())


class Member:
    def __init__(self, broker, name, _seed, group, topic, protocol, commit):
        settings = {
            "bootstrap.servers": broker,
            "client.id": name,
            "group.id": group,
            "group.protocol": protocol,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "topic.metadata.refresh.interval.ms": 1000,
            "reconnect.backoff.max.ms": 200,
            "max.poll.interval.ms": 10000,
            "on_commit": stored,
        }
        if protocol == "classic":
            settings |= {"session.timeout.ms": 10000, "heartbeat.interval.ms": 500}
        self.consumer = Consumer(settings)
        self.waits = commit == "sync"
        self.epoch = "-"
        self.consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=revoked)

    def goes_on(self):
        if not select.select([sys.stdin], [], [], 0)[0]:
            return True
        words = sys.stdin.readline().split()
        if not words or words[0] != "hold":
            return False
        write("held", time.monotonic_ns())
        time.sleep(int(words[1]) / 1000)
        return True

    def note_epoch(self):
        """The generation is the number behind the version of the opaque metadata."""
        metadata = self.consumer.consumer_group_metadata()
        generation = struct.unpack_from("<i", metadata, metadata.index(b":") + 1)[0]
        now = str(generation) if generation >= 0 else "-"
        if now != self.epoch:
            self.epoch = now
            write("epoch", now)

    def consume(self):
        messages = [message for message in self.consumer.consume(200, 0.1) if not message.error()]
        if not messages:
            return
        self.note_epoch()
        offsets = {}
        for message in messages:
            write("read", message.topic(), message.partition(), message.offset(), message.value().decode())
            offsets[message.topic(), message.partition()] = message.offset() + 1
        partitions = [TopicPartition(*key, offset) for key, offset in offsets.items()]
        try:
            if self.waits:
                stored(None, self.consumer.commit(offsets=partitions, asynchronous=False))
            else:
                self.consumer.commit(offsets=partitions, asynchronous=True)
        except KafkaException as e:
            write("unstored", e.args[0].name())

    def run(self):
        while self.goes_on():
            self.consume()
        write("held", time.monotonic_ns())
        self.consumer.close()
        write("left", "told")


Member(*sys.argv[1:]).run()
