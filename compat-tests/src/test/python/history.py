"""librdkafka in a history of transactions: history.py PROGRAM BROKER PROCESS SEED ARGUMENT...

PROGRAM and its arguments are those of the Java programs of that name, HistoryProducer, HistoryCopier and HistoryReader, and
HistoryWriter (topic, partitions), a producer without transactions. Each writes its events, one a line, until its standard
input says something or it cannot go on.
"""

import os
import random
import select
import sys
import threading
import time
import traceback

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

SECONDS = 30
STUCK_SECONDS = 40
MOST_RECORDS = 12
ABORTED_OF = 5
MOST_PAUSE = 0.06
BATCH = 20


def write(*words):
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def untold():
    Watch.alive = time.monotonic()
    return not select.select([0], [], [], 0)[0]


class Watch(threading.Thread):
    """Ends the process when one of its steps takes longer than any of its calls may: librdkafka then waits for ever."""

    alive = time.monotonic()

    def run(self):
        while time.monotonic() - Watch.alive < STUCK_SECONDS:
            time.sleep(1)
        write("left", "stuck")
        os._exit(1)


def settings(broker):
    return {"bootstrap.servers": broker, "reconnect.backoff.max.ms": 200, "topic.metadata.refresh.interval.ms": 5000}


def persistently(action, *arguments):
    """A call that is made again as long as librdkafka says that this is the way on."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return action(*arguments)
        except KafkaException as e:
            if not e.args[0].retriable() or time.monotonic() > deadline:
                raise


class History:
    """A process that sends, in transactions or not, and gives its records and transactions their names."""

    def __init__(self, process, seed, producer):
        self.process = process
        self.random = random.Random(int(seed))
        self.producer = producer
        self.transactions = 0
        self.records = 0

    def begin(self):
        transaction = f"{self.process}-t{self.transactions}"
        self.transactions += 1
        write("begin", transaction)
        self.producer.begin_transaction()
        return transaction

    def send(self, transaction, topic, partitions, source):
        value = f"{self.process}-{self.records}"
        self.records += 1
        partition = self.random.randrange(int(partitions))
        write("send", transaction, topic, partition, value, source)
        self.producer.produce(topic, value=value, partition=partition, on_delivery=self.delivered)
        self.producer.poll(0)

    def delivered(self, error, message):
        if error is None:
            write("ack", message.value().decode(), message.offset())

    def commit(self, transaction):
        write("commit", transaction)
        persistently(self.producer.commit_transaction, SECONDS)
        write("committed", transaction)

    def abort(self, transaction):
        persistently(self.producer.abort_transaction, SECONDS)
        write("aborted", transaction)

    def failed(self, transaction, failure):
        """Aborts if librdkafka asks for that; otherwise the transaction may be committed, or another producer has taken over."""
        write("unknown", transaction, failure.args[0].name())
        if not failure.args[0].txn_requires_abort():
            raise failure
        self.abort(transaction)

    def pause(self):
        time.sleep(self.random.random() * MOST_PAUSE)


def transactional(broker, transactional_id, timeout_ms):
    producer = Producer(
        settings(broker)
        | {
            "transactional.id": transactional_id,
            "transaction.timeout.ms": int(timeout_ms),
            "linger.ms": 2,
            "batch.num.messages": 4,
        }
    )
    persistently(producer.init_transactions, SECONDS)
    return producer


def produce(broker, process, seed, transactional_id, timeout_ms, topic, partitions):
    history = History(process, seed, transactional(broker, transactional_id, timeout_ms))
    while untold():
        transaction = history.begin()
        try:
            for _ in range(history.random.randint(1, MOST_RECORDS)):
                history.send(transaction, topic, partitions, "-")
                if history.random.randrange(MOST_RECORDS) == 0:
                    history.producer.flush(1)
                    history.pause()
            if history.random.randrange(ABORTED_OF) == 0:
                history.abort(transaction)
            else:
                history.commit(transaction)
        except KafkaException as e:
            history.failed(transaction, e)
        history.pause()


def write_plainly(broker, process, seed, topic, partitions):
    producer = Producer(settings(broker) | {"enable.idempotence": True, "linger.ms": 2, "batch.num.messages": 4})
    history = History(process, seed, producer)
    while untold():
        for _ in range(history.random.randint(1, MOST_RECORDS)):
            history.send("-", topic, partitions, "-")
        producer.flush(1)
        history.pause()
    producer.flush(SECONDS)


class Copier:
    """A member of a group whose every input becomes one output, in a transaction with the group's offsets."""

    def __init__(self, history, consumer, topic, partitions, group):
        self.history = history
        self.consumer = consumer
        self.topic = topic
        self.partitions = partitions
        self.group = group
        self.assigned = set()
        self.changed = False

    def on_assign(self, _, partitions):
        self.changed = True
        for each in partitions:
            self.assigned.add((each.topic, each.partition))
            write("position", each.topic, each.partition, -1)

    def on_revoke(self, _, partitions):
        self.changed = True
        self.assigned -= {(each.topic, each.partition) for each in partitions}

    def poll(self):
        """Some records, and the group as it was before them; none of them when the assignment changed meanwhile."""
        group = self.consumer.consumer_group_metadata()
        self.changed = False
        inputs = []
        while len(inputs) < BATCH and not self.changed:
            message = self.consumer.poll(0 if inputs else 0.1)
            if message is None:
                break
            if message.error():
                continue
            write("read", message.topic(), message.partition(), message.offset(), message.value().decode())
            inputs.append(message)
        if self.changed:
            self.go_back(inputs)
            return group, []
        return group, inputs

    def go_back(self, inputs):
        for message in reversed(inputs):
            if (message.topic(), message.partition()) in self.assigned:
                self.consumer.seek(TopicPartition(message.topic(), message.partition(), message.offset()))
                write("position", message.topic(), message.partition(), message.offset())

    def copy(self):
        group, inputs = self.poll()
        if not inputs:
            return
        transaction = self.history.begin()
        try:
            offsets = {}
            for each in inputs:
                source = f"{each.topic()}:{each.partition()}:{each.offset()}"
                self.history.send(transaction, self.topic, self.partitions, source)
                offsets[each.topic(), each.partition()] = each.offset() + 1
            self.history.pause()
            for (topic, partition), offset in offsets.items():
                write("offsets", transaction, self.group, topic, partition, offset)
            positions = [TopicPartition(*partition, offset) for partition, offset in offsets.items()]
            persistently(self.history.producer.send_offsets_to_transaction, positions, group, SECONDS)
            if self.history.random.randrange(ABORTED_OF) > 0:
                self.history.commit(transaction)
                return
            self.history.abort(transaction)
        except KafkaException as e:
            self.history.failed(transaction, e)
        self.go_back(inputs)


def copy(broker, process, seed, transactional_id, timeout_ms, inputs, outputs, partitions, group, *more):
    history = History(process, seed, transactional(broker, transactional_id, timeout_ms))
    consumer = Consumer(
        settings(broker)
        | {
            "group.id": group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
        | dict(each.split("=") for each in more)
    )
    copier = Copier(history, consumer, outputs, partitions, group)
    consumer.subscribe([inputs], on_assign=copier.on_assign, on_revoke=copier.on_revoke)
    while untold():
        copier.copy()
    consumer.close()


def read(broker, process, _, partitions, *topics):
    consumer = Consumer(
        settings(broker)
        | {
            "group.id": process,
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "isolation.level": "read_committed",
        }
    )
    everything = [TopicPartition(topic, each, OFFSET_BEGINNING) for topic in topics for each in range(int(partitions))]
    for each in everything:
        write("position", each.topic, each.partition, 0)
    consumer.assign(everything)
    while untold():
        message = consumer.poll(0.1)
        if message is not None and not message.error():
            write("read", message.topic(), message.partition(), message.offset(), message.value().decode())
    consumer.close()


PROGRAMS = {"HistoryProducer": produce, "HistoryWriter": write_plainly, "HistoryCopier": copy, "HistoryReader": read}

Watch(daemon=True).start()
try:
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
    write("left", "told")
except KafkaException as failure:
    write("left", failure.args[0].name())
    traceback.print_exc()
    os._exit(1)  # without closing anything: librdkafka may wait for ever for a broker that is killed meanwhile
