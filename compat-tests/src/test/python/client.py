"""The librdkafka side of the tests: client.py BROKER SCENARIO. A scenario that goes wrong ends with an error."""

import sys
import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

RECORDS = 300
HUNDRED = 100
FIRST_MS = 1_700_000_000_000
CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


def results(futures):
    """The values of a dictionary of futures; the first that failed raises."""
    return {key: future.result(30) for key, future in futures.items()}


def create(broker, topic, partitions=1):
    admin = AdminClient({"bootstrap.servers": broker})
    results(admin.create_topics([NewTopic(topic, partitions, 1)]))
    return topic


def produce(producer, topic, start, end):
    failures = []
    for i in range(start, end):
        producer.produce(
            topic,
            key=f"key-{i}",
            value=f"value-{i}",
            headers={"n": str(i)},
            timestamp=FIRST_MS + i,
            partition=0,
            on_delivery=lambda error, message: failures.append(error) if error else None,
        )
        producer.poll(0)
    assert producer.flush(30) == 0
    assert not failures, failures


def consume(consumer, count):
    records = []
    deadline = time.monotonic() + 60
    while len(records) < count and time.monotonic() < deadline:
        for message in consumer.consume(count - len(records), 1):
            if message.error():
                raise KafkaException(message.error())
            records.append(message)
    assert len(records) == count, f"{len(records)} records instead of {count}"
    return records


def consumer_of(broker, group, **settings):
    return Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
        | {name.replace("_", "."): value for name, value in settings.items()}
    )


def round_trip(broker, codec):
    topic = create(broker, "py-" + codec)
    produce(
        Producer({"bootstrap.servers": broker, "compression.type": codec, "enable.idempotence": codec != "none"}),
        topic,
        0,
        RECORDS,
    )
    consumer = consumer_of(broker, "py-" + codec)
    consumer.subscribe([topic])
    for i, record in enumerate(consume(consumer, RECORDS)):
        assert record.offset() == i
        assert record.key() == f"key-{i}".encode()
        assert record.value() == f"value-{i}".encode()
        assert record.headers() == [("n", str(i).encode())]
        assert record.timestamp()[1] == FIRST_MS + i
    consumer.close()


def group(broker, protocol):
    """One member reads half and commits, the next one reads the rest."""
    topic = create(broker, "py-group-" + protocol)
    produce(Producer({"bootstrap.servers": broker}), topic, 0, RECORDS)
    for half in range(2):
        consumer = consumer_of(broker, "py-readers-" + protocol, group_protocol=protocol)
        consumer.subscribe([topic])
        records = consume(consumer, RECORDS // 2)
        assert records[0].offset() == half * RECORDS // 2, records[0].offset()
        consumer.commit(message=records[-1], asynchronous=False)
        consumer.close()
    admin = AdminClient({"bootstrap.servers": broker})
    names = [listing.group_id for listing in admin.list_consumer_groups().result(30).valid]
    assert "py-readers-" + protocol in names, names
    described = results(admin.describe_consumer_groups(["py-readers-" + protocol]))
    assert not described["py-readers-" + protocol].members
    committed = results(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions("py-readers-" + protocol)]))
    offsets = committed["py-readers-" + protocol].topic_partitions
    assert [partition.offset for partition in offsets] == [RECORDS], offsets
    results(admin.delete_consumer_groups(["py-readers-" + protocol]))


def offsets(broker):
    topic = create(broker, "py-offsets")
    produce(Producer({"bootstrap.servers": broker}), topic, 0, RECORDS)
    consumer = consumer_of(broker, "py-offsets")
    assert consumer.get_watermark_offsets(TopicPartition(topic, 0), 30) == (0, RECORDS)
    found = consumer.offsets_for_times([TopicPartition(topic, 0, FIRST_MS + 100)], 30)
    assert found[0].offset == 100, found
    consumer.assign([TopicPartition(topic, 0, 250)])
    assert consume(consumer, 1)[0].offset() == 250
    consumer.seek(TopicPartition(topic, 0, 10))
    assert consume(consumer, 1)[0].offset() == 10
    consumer.close()
    admin = AdminClient({"bootstrap.servers": broker})
    results(admin.delete_records([TopicPartition(topic, 0, 50)]))
    earliest = results(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.earliest()}))
    assert [result.offset for result in earliest.values()] == [50]


def position_of(consumer, topic):
    return consumer.committed([TopicPartition(topic, 0)], 30)[0].offset


def moves(broker, protocol):
    """Commits of both kinds, seek, pause, and a pattern for topics."""
    topic = create(broker, "py-moves-" + protocol)
    produce(Producer({"bootstrap.servers": broker}), topic, 0, RECORDS)
    consumer = consumer_of(broker, topic, group_protocol=protocol)
    consumer.subscribe(["^" + topic + ".*"])
    assert consume(consumer, 1)[0].offset() == 0
    consumer.commit(offsets=[TopicPartition(topic, 0, 7)], asynchronous=False)
    assert position_of(consumer, topic) == 7
    consumer.commit(offsets=[TopicPartition(topic, 0, 8)], asynchronous=True)
    consumer.seek(TopicPartition(topic, 0, 50))
    assert consume(consumer, 1)[0].offset() == 50
    consumer.pause([TopicPartition(topic, 0)])
    assert not consumer.consume(1, 0.5)
    consumer.resume([TopicPartition(topic, 0)])
    assert consume(consumer, 1)[0].offset() == 51
    deadline = time.monotonic() + 60
    while position_of(consumer, topic) != 8 and time.monotonic() < deadline:
        consumer.consume(1, 0.1)
    assert position_of(consumer, topic) == 8
    consumer.close()


def crowd(broker, protocol):
    """A hundred members share two hundred partitions, then half of them leave."""
    topic = create(broker, "py-crowd-" + protocol, 2 * HUNDRED)
    consumers = [consumer_of(broker, topic, group_protocol=protocol) for _ in range(HUNDRED)]
    for consumer in consumers:
        consumer.subscribe([topic])
    await_shares(consumers, 2)
    for consumer in consumers[HUNDRED // 2 :]:
        consumer.close()
    del consumers[HUNDRED // 2 :]
    await_shares(consumers, 4)
    for consumer in consumers:
        consumer.close()


def await_shares(consumers, each):
    deadline = time.monotonic() + 100
    owned = [[]]
    while time.monotonic() < deadline:
        for consumer in consumers:
            consumer.consume(1, 0)
        owned = [[part.partition for part in consumer.assignment()] for consumer in consumers]
        if all(len(parts) == each for parts in owned):
            break
        time.sleep(0.05)
    assert sorted(part for parts in owned for part in parts) == list(range(each * len(consumers))), owned


def administer(broker):
    admin = AdminClient({"bootstrap.servers": broker})
    topic = create(broker, "py-admin", 2)
    results(admin.create_partitions([NewPartitions(topic, 4)]))
    resource = ConfigResource(
        ResourceType.TOPIC,
        topic,
        incremental_configs=[ConfigEntry("retention.ms", "7200000", incremental_operation=AlterConfigOpType.SET)],
    )
    results(admin.incremental_alter_configs([resource]))
    configs = results(admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]))
    assert next(iter(configs.values()))["retention.ms"].value == "7200000"
    assert len(admin.list_topics(topic, 30).topics[topic].partitions) == 4
    assert len(admin.describe_cluster().result(30).nodes) == 1
    try:
        create(broker, topic)
        raise AssertionError("the topic was created twice")
    except KafkaException as e:
        assert e.args[0].name() == "TOPIC_ALREADY_EXISTS", e
    results(admin.delete_topics([topic]))
    assert topic not in admin.list_topics(timeout=30).topics


def transact(broker):
    topic = create(broker, "py-transactions")
    producer = Producer({"bootstrap.servers": broker, "transactional.id": "py-writer"})
    producer.init_transactions(30)
    for number in range(4):
        producer.begin_transaction()
        produce(producer, topic, number * 10, number * 10 + 10)
        if number % 2 == 0:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
    consumer = consumer_of(broker, "py-transactions", isolation_level="read_committed")
    consumer.subscribe([topic])
    values = [record.value().decode() for record in consume(consumer, 20)]
    assert values == [f"value-{i}" for i in [*range(10), *range(20, 30)]], values
    consumer.close()


def main(broker, scenario):
    if scenario in CODECS:
        round_trip(broker, scenario)
    elif scenario in ["classic", "consumer"]:
        group(broker, scenario)
    elif "-" in scenario:
        name, protocol = scenario.split("-")
        {"moves": moves, "crowd": crowd}[name](broker, protocol)
    else:
        {"offsets": offsets, "administer": administer, "transact": transact}[scenario](broker)
    print("ok " + scenario)


main(*sys.argv[1:])
